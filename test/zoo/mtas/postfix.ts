import type { Mta } from "../mta.ts";

/** https://www.postfix.org/postconf.5.html */
export const POSTFIX: Mta = {
  name: "postfix",
  packages: ["postfix"],
  users: ["postfix", "postdrop"],
  files: {
    "/etc/postfix/main.cf": `compatibility_level = 3.6
myhostname = mail.example.org
mydomain = example.org
mydestination = example.org, mail.example.org
mynetworks = 127.0.0.0/8, 192.0.2.0/24, 198.51.100.10
inet_interfaces = all
inet_protocols = ipv4
alias_maps = texthash:/etc/postfix/aliases
alias_database =
local_recipient_maps =
smtputf8_enable = yes
smtp_tls_policy_maps = texthash:/etc/postfix/tls-policy
smtp_address_preference = ipv4
maillog_file = /var/log/mail.log
delay_warning_time = 2s
queue_run_delay = 3s
minimal_backoff_time = 3s
maximal_backoff_time = 4s
maximal_queue_lifetime = 12s
bounce_queue_lifetime = 12s
notify_classes = bounce, 2bounce, delay, policy, protocol
bounce_notice_recipient = postmaster+copy@example.com
delay_notice_recipient = postmaster+delay@example.com
2bounce_notice_recipient = postmaster+double@example.com
error_notice_recipient = postmaster+session@example.com
smtpd_recipient_restrictions = check_recipient_access inline:{forbidden.example.net=REJECT}, permit_mynetworks, reject
`,
    "/etc/postfix/aliases": `robot "|echo 'the robot is on holiday'; exit 77"\nann root\n`,
    "/etc/postfix/tls-policy": "tls.example.net encrypt\n",
  },
  start: `cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
sed -i -E 's/^(\\S+ +(unix|inet|fifo) +\\S+ +\\S+ +)y/\\1n/' /etc/postfix/master.cf
postfix set-permissions; postfix start; tail -F /var/log/mail.log`,
  listens: true,
  sendmail: 'sendmail -i $DSN -f "$SENDER" -- $RECIPIENTS',
  tellsPostmaster: true,
  lacks: {},
};
