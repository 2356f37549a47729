import { type Mta, NO_LMTP, NO_QUOTAS } from "../mta.ts";

/** https://man.openbsd.org/smtpd.conf */
export const OPENSMTPD: Mta = {
  name: "opensmtpd",
  packages: ["opensmtpd"],
  users: ["opensmtpd", "opensmtpq"],
  files: {
    "/etc/smtpd.conf": `listen on socket
listen on 198.51.100.10 hostname mail.example.org
table aliases file:/etc/aliases
bounce warn-interval 3s
queue ttl 14s
action "local" mbox alias <aliases>
action "secure" relay tls helo mail.example.org
action "relay" relay helo mail.example.org
match from any for domain "example.org" action "local"
match from any for domain { "tls.example.net" "plaintext.example.net" "certificate.example.net" } action "secure"
match from any for any action "relay"
`,
    "/etc/aliases": `robot: "|echo 'the robot is on holiday'; exit 77"\nann: root\n`,
  },
  start: `mkdir -p /var/lib/opensmtpd/empty /run/opensmtpd
chgrp opensmtpq $(readlink -f /usr/sbin/smtpctl); chmod 2755 $(readlink -f /usr/sbin/smtpctl); smtpd -d -v`,
  listens: true,
  sendmail: '/usr/sbin/sendmail -i -f "$SENDER" -- $RECIPIENTS',
  turn: "smtpctl schedule all",
  lacks: { "local-full": NO_QUOTAS, "lmtp-full": NO_LMTP },
};
