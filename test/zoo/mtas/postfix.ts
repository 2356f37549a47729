import type { Mta } from "../mta.ts";

/** https://www.postfix.org/postconf.5.html */
export const POSTFIX: Mta = {
  name: "postfix",
  packages: ["postfix", "dovecot-core", "dovecot-lmtpd"],
  users: ["postfix", "postdrop", "dovecot", "dovenull"],
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
message_size_limit = 51200
mailbox_size_limit = 51200
mailbox_transport_maps = inline:{kim=lmtp:unix:/run/dovecot/lmtp}
smtp_tls_CApath = /etc/ssl/certs
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
    "/etc/postfix/tls-policy":
      "tls.example.net encrypt\nplaintext.example.net encrypt\ncertificate.example.net secure\n",
    // https://doc.dovecot.org/2.3/configuration_manual/quota/
    "/etc/dovecot/dovecot.conf": `protocols = lmtp
log_path = /var/log/mail.log
mail_location = maildir:~/Maildir
mail_plugins = quota
first_valid_uid = 1000
passdb {
  driver = static
}
userdb {
  driver = passwd
}
plugin {
  quota = maildir:User quota
  quota_rule = *:bytes=200
  quota_grace = 0
}
protocol lmtp {
  postmaster_address = postmaster@example.org
  auth_username_format = %n
}
`,
  },
  start: `head -c 60000 /dev/zero > /var/mail/sue; chown sue: /var/mail/sue; mkdir -p /run/dovecot; dovecot
cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
sed -i -E 's/^(\\S+ +(unix|inet|fifo) +\\S+ +\\S+ +)y/\\1n/' /etc/postfix/master.cf
postfix set-permissions; postfix start; tail -F /var/log/mail.log`,
  listens: true,
  sendmail: 'sendmail -i $DSN -f "$SENDER" -- $RECIPIENTS',
  tellsPostmaster: true,
  lacks: {},
};
