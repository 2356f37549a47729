/** What the tests use of libqp, which ships no types. */
declare module "libqp" {
  const libqp: { decode(text: Buffer): Buffer };
  export default libqp;
}
