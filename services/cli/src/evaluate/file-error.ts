/** Why a file could not be read, in words. */
export function describeFileError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "no such file or folder";
  if (code === "ENOTDIR") return "not a folder";
  if (code === "EISDIR") return "a folder, not a file";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
