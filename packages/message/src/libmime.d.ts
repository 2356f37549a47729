/** What this package uses of libmime, which ships no types. */
declare module "libmime" {
  interface Libmime {
    decodeWords(text: string): string;
  }
  const libmime: Libmime;
  export default libmime;
}
