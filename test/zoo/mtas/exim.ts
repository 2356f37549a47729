import { type Mta, NO_LMTP } from "../mta.ts";

/** https://www.exim.org/exim-html-current/doc/html/spec_html/ */
export const EXIM: Mta = {
  name: "exim",
  packages: ["exim4-daemon-light", "exim4-base"],
  users: ["Debian-exim"],
  files: {
    "/etc/exim4/exim4.conf": `primary_hostname = mail.example.org
qualify_domain = example.org
log_file_path = /var/log/exim4/%slog
disable_ipv6
acl_smtp_rcpt = accept
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
tls_advertise_hosts =
delay_warning = 3s:1d
delay_warning_condition = yes
received_headers_max = 100

begin routers
remote:
  driver = dnslookup
  domains = ! example.org
  transport = remote_smtp
  self = fail
  no_more
robot:
  driver = redirect
  local_parts = robot
  data = "|/bin/sh -c 'echo the robot is on holiday; exit 77'"
  allow_fail
  pipe_transport = command
  user = ann
local:
  driver = accept
  local_parts = ann : sue
  transport = mailbox

begin transports
remote_smtp:
  driver = smtp
  hosts_require_tls = \${if inlist{$domain}{tls.example.net:plaintext.example.net:certificate.example.net} {*}}
  tls_verify_hosts = \${if eq {$domain}{certificate.example.net} {*}}
command:
  driver = pipe
  return_output
mailbox:
  driver = appendfile
  file = /tmp/mailbox.$local_part_data
  user = $local_part_data
  quota = 10K

begin retry
* * F,8s,2s
`,
  },
  start: `head -c 10000 /dev/zero > /tmp/mailbox.sue; chown sue /tmp/mailbox.sue
mkdir -p /var/spool/exim4 /var/log/exim4; chown -R Debian-exim: /var/spool/exim4 /var/log/exim4; exim4 -bd -q2s; tail -F /var/log/exim4/mainlog`,
  listens: true,
  sendmail: 'exim4 -i -f "$SENDER" -- $RECIPIENTS',
  lacks: {
    "smtputf8-missing": "keeps trying: an address that the next host cannot take is a temporary error to it",
    "lmtp-full": NO_LMTP,
  },
};
