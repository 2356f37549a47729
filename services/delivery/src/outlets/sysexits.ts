/**
 * What the exit code of a program says of a mail (sysexits.h, as MTAs read it of a pipe). Data only.
 *
 * Permanent is only what names this mail, its recipient, or how the program was called. Everything else may be mended while
 * the mail waits: a missing file, a full disk, a bug; so does a code that is not in the table, such as the 1 of most scripts.
 */
interface ExitMeaning {
  readonly name: string;
  readonly meaning: string;
  readonly permanent: boolean;
}

export const SYSEXITS: Readonly<Record<number, ExitMeaning>> = {
  64: { name: "EX_USAGE", meaning: "it was called with wrong arguments", permanent: true },
  65: { name: "EX_DATAERR", meaning: "it does not accept this mail", permanent: true },
  66: { name: "EX_NOINPUT", meaning: "it could not read its input", permanent: false },
  67: { name: "EX_NOUSER", meaning: "there is no such user", permanent: true },
  68: { name: "EX_NOHOST", meaning: "there is no such host", permanent: true },
  69: { name: "EX_UNAVAILABLE", meaning: "something that it needs is not available", permanent: false },
  70: { name: "EX_SOFTWARE", meaning: "it has an internal error", permanent: false },
  71: { name: "EX_OSERR", meaning: "the system refused it something", permanent: false },
  72: { name: "EX_OSFILE", meaning: "a file of the system is missing", permanent: false },
  73: { name: "EX_CANTCREAT", meaning: "it could not make its output file", permanent: false },
  74: { name: "EX_IOERR", meaning: "it could not read or write", permanent: false },
  75: { name: "EX_TEMPFAIL", meaning: "it asks for another attempt later", permanent: false },
  76: { name: "EX_PROTOCOL", meaning: "the remote side broke the protocol", permanent: false },
  77: { name: "EX_NOPERM", meaning: "the recipient may not be given this mail", permanent: true },
  78: { name: "EX_CONFIG", meaning: "its configuration is wrong", permanent: false },
};
