import { type Mta, NO_LMTP, NO_QUOTAS } from "../mta.ts";

/**
 * dma(8). It delivers at once, then sleeps for minutes and gives up after five days; so its sleepers are ended, and the
 * queue is made to look old.
 */
export const DMA: Mta = {
  name: "dma",
  packages: ["dma"],
  users: [],
  files: {
    "/etc/dma/dma.conf": "MAILNAME example.org\n",
    "/etc/dma/auth.conf": "",
    "/etc/aliases": "ann: root\n",
  },
  start: "mkdir -p /var/spool/dma; chown root:mail /var/spool/dma; chmod 2775 /var/spool/dma",
  listens: false,
  sendmail: '/usr/sbin/dma -f "$SENDER" -i $RECIPIENTS',
  turn: `sleep 4; kill $(pidof dma); touch -d '6 days ago' /var/spool/dma/Q* /var/spool/dma/M*; /usr/sbin/dma -q; ls /var/spool/dma`,
  lacks: {
    "local-full": NO_QUOTAS,
    "lmtp-full": NO_LMTP,
    "tls-not-offered": "requires TLS of every host or of none",
    "tls-certificate": "requires TLS of every host or of none",
    tls: "requires TLS of every host or of none",
    "too-many-hops": "does not count them",
    "hangs-up": "no report came, and why is not known",
    "local-command": "has no commands as aliases",
  },
};
