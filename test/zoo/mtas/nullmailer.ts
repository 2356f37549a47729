import type { Mta } from "../mta.ts";

/** nullmailer-send(8): all mail goes to one smarthost. */
export const NULLMAILER: Mta = {
  name: "nullmailer",
  packages: ["nullmailer"],
  users: ["nullmail"],
  files: {
    "/etc/nullmailer/me": "mail.example.org\n",
    "/etc/nullmailer/defaultdomain": "example.org\n",
    "/etc/nullmailer/remotes": "smarthost.example.com smtp --port=25\n",
    "/etc/nullmailer/pausetime": "2\n",
    "/etc/nullmailer/maxpause": "2\n",
    "/etc/nullmailer/queuelifetime": "8\n",
    "/etc/nullmailer/helohost": "mail.example.org\n",
  },
  start: `cd /var/spool/nullmailer && mkdir -p queue tmp failed && rm -f trigger && mkfifo trigger
chown -R nullmail: /var/spool/nullmailer; chmod 622 trigger; chown nullmail /usr/sbin/nullmailer-queue; chmod 4755 /usr/sbin/nullmailer-queue
touch /tmp/ready; nullmailer-send 2>&1`,
  listens: false,
  // The queue is made while the daemon starts.
  sendmail: 'until test -e /tmp/ready; do sleep 0.1; done; /usr/sbin/sendmail -f "$SENDER" $RECIPIENTS',
  usesSmarthost: true,
  lacks: {},
};
