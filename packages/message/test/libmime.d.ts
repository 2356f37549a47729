/** What the tests use of libmime, which ships no types. */
declare module "libmime" {
  interface Libmime {
    decodeWords(text: string): string;
    encodeWords(text: string, encoding: "Q" | "B", maxLength: number): string;
    encodeWord(bytes: Buffer, encoding: "Q" | "B"): string;
  }
  const libmime: Libmime;
  export default libmime;
}
