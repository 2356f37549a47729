import { type Mta, NO_LMTP, NO_QUOTAS } from "../mta.ts";

/** The Sendmail Installation and Operation Guide; cf/README of its sources. */
export const SENDMAIL: Mta = {
  name: "sendmail",
  packages: ["sendmail-bin", "sendmail-base", "sendmail-cf"],
  users: ["smmta", "smmsp"],
  files: {
    "/etc/mail/sendmail.mc": `divert(0)dnl
include(\`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(\`linux')dnl
undefine(\`confHOST_STATUS_DIRECTORY')dnl
define(\`confDOMAIN_NAME', \`mail.example.org')dnl
define(\`confDONT_PROBE_INTERFACES', \`True')dnl
define(\`confTO_QUEUEWARN', \`3s')dnl
define(\`confTO_QUEUERETURN', \`12s')dnl
define(\`confTO_IDENT', \`0s')dnl
define(\`confDELIVERY_MODE', \`background')dnl
define(\`confCACERT_PATH', \`/etc/ssl/certs')dnl
define(\`confMAX_HOP', \`100')dnl
define(\`confPID_FILE', \`/run/sendmail.pid')dnl
define(\`ALIAS_FILE', \`/etc/mail/aliases')dnl
define(\`confCOPY_ERRORS_TO', \`postmaster+copy@example.com')dnl
define(\`confDOUBLE_BOUNCE_ADDRESS', \`postmaster+double@example.com')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`promiscuous_relay')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`access_db', \`hash -T<TMPF> /etc/mail/access')dnl
DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=198.51.100.10, Port=25')dnl
MAILER(\`local')dnl
MAILER(\`smtp')dnl
LOCAL_CONFIG
Cwexample.org mail.example.org
`,
    "/etc/mail/access":
      "TLS_Srv:mx.tls.example.net\tENCR:112\nTLS_Srv:mx.plaintext.example.net\tENCR:112\nTLS_Srv:mx.certificate.example.net\tVERIFY\n",
    "/etc/mail/aliases": `robot: "|echo 'the robot is on holiday'; exit 77"\npostmaster: /dev/null\nann: /tmp/mailbox.ann\n`,
  },
  start: `cd /etc/mail; m4 sendmail.mc > sendmail.cf; cp sendmail.cf submit.cf
mkdir -p /var/spool/mqueue; chmod 700 /var/spool/mqueue; chmod 755 / /etc /etc/mail /var /var/spool
ln -sf /usr/libexec/sendmail/* /usr/sbin/
makemap hash access < access; sendmail -bi; sendmail -X /tmp/traffic -bD -q2s -d0.4`,
  listens: true,
  sendmail: 'sendmail -Am -i -f "$SENDER" -- $RECIPIENTS',
  tellsPostmaster: true,
  lacks: {
    "local-full": NO_QUOTAS,
    "lmtp-full": NO_LMTP,
    "postmaster-delay": "tells the postmaster of failures only",
    "smtp-transcript": "tells the postmaster of failures only",
  },
};
