import { type Mta, NO_LMTP } from "../mta.ts";

/** courier(8); https://www.courier-mta.org/courier.html. Its times are files of their own in /etc/courier. */
export const COURIER: Mta = {
  name: "courier",
  packages: ["courier-mta", "courier-base", "courier-authlib"],
  users: ["courier"],
  files: {
    "/etc/courier/me": "mail.example.org\n",
    "/etc/courier/defaultdomain": "example.org\n",
    "/etc/courier/locals": "localhost\nexample.org\n",
    "/etc/courier/esmtpacceptmailfor": "example.org\n",
    "/etc/courier/smtpaccess/default": "192.0.2\tallow,RELAYCLIENT\n198.51.100\tallow,RELAYCLIENT\n",
    "/etc/courier/dsnfrom": '"Courier mail server at mail.example.org" <@>\n',
    "/etc/courier/esmtproutes": ["tls", "plaintext", "certificate"]
      .map((name) => `${name}.example.net:mx.${name}.example.net /SECURITY=STARTTLS\n`)
      .join(""),
    "/etc/courier/warntime": "3s\n",
    "/etc/courier/queuetime": "12s\n",
    "/etc/courier/queuefill": "0s\n",
    "/etc/courier/retryalpha": "2s\n",
    "/etc/courier/retrybeta": "1\n",
    "/etc/courier/retrygamma": "2s\n",
    "/etc/courier/retrymaxdelta": "1\n",
    "/etc/courier/aliasdir/.courier-robot": "| echo 'the robot is on holiday'; exit 77\n",
    "/etc/courier/aliasdir/.courier-ann": "| cat > /dev/null\n",
    "/etc/courier/userdb": "",
  },
  start: `cd /etc/courier; sed -i '/^ESMTP_BLOCKBACKSCATTER/d' courierd; touch /etc/environment
printf 'BOFHCHECKDNS=0\\nTARPIT=0\\nMAXPERC=40\\nMAXPERIP=40\\n' >> esmtpd
sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/' authdaemonrc; chmod 600 userdb; makeuserdb
for folder in allfilters filters msgq msgs track tmp; do mkdir -p /var/lib/courier/$folder; done
mkdir -p /run/courier/authdaemon; chown -R courier: /var/lib/courier /run/courier /etc/courier/aliasdir
chown courier: /usr/lib/courier/courier/submitmkdir; chmod 4755 /usr/lib/courier/courier/submitmkdir
ln -sf /usr/lib/courier/makedat /usr/bin/makedat; makesmtpaccess; makealiases; authdaemond start
courier start; /usr/lib/courier/esmtpd start; sleep infinity`,
  listens: true,
  sendmail: 'sendmail -f "$SENDER" $RECIPIENTS',
  turn: "courier flush",
  lacks: { "local-full": "no report came of deliverquota, and why is not known", "lmtp-full": NO_LMTP },
};
