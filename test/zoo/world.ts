/** All that an MTA of the zoo can reach: the name server, the servers of the receivers, and the one that takes reports. */
import { makeCertificate } from "./certificate.ts";
import { MTA_ADDRESS, MTA_HOST, type Mta, NAME_SERVER_ADDRESS, SMARTHOST_ADDRESS } from "./mta.ts";
import { startNameServer, type Zone } from "./name-server.ts";
import { type ReceivedMail, type RemoteServer, startRemoteServer } from "./remote-server.ts";
import { addressOf, type Destination, SCENARIOS } from "./scenarios.ts";
import { CLIENT_ADDRESS } from "./submit.ts";

/** The mail host of `example.com`, where the reports go. */
const SINK_ADDRESS = "192.0.2.25";

const DESTINATIONS: readonly (readonly [string, Destination])[] = SCENARIOS.flatMap(({ destinations }) =>
  Object.entries(destinations),
);

/** The addresses that the world needs on its side of the cable. */
export const WORLD_ADDRESSES: readonly string[] = [
  CLIENT_ADDRESS,
  SINK_ADDRESS,
  NAME_SERVER_ADDRESS,
  SMARTHOST_ADDRESS,
  ...DESTINATIONS.map(([domain]) => addressOf(domain)),
];

/** Resolves when all servers listen; they end with the process. */
export async function startWorld(mta: Mta, onMail: (mail: ReceivedMail) => void): Promise<void> {
  await startNameServer(NAME_SERVER_ADDRESS, makeZone());
  const certificate = await makeCertificate();
  const receivers = DESTINATIONS.flatMap(([domain, destination]): RemoteServer[] =>
    destination.kind === "server"
      ? [{ address: addressOf(domain), name: `mx.${domain}`, script: destination.script, certificate }]
      : [],
  );
  const sink = { address: SINK_ADDRESS, name: "mx.example.com", script: { extensions: ["SMTPUTF8"] }, onMail };
  for (const server of [sink, ...receivers]) await startRemoteServer(server);
  if (mta.usesSmarthost !== true) return;
  // It takes the reports, too: they go the same way.
  const rcpt = Object.assign({}, ...receivers.map(({ script }) => script.rcpt ?? {}));
  const script = { rcpt };
  await startRemoteServer({ address: SMARTHOST_ADDRESS, name: "smarthost.example.com", script, onMail });
}

function makeZone(): Zone {
  const hosts = new Map([
    [MTA_HOST, MTA_ADDRESS],
    ["mx.example.com", SINK_ADDRESS],
    ["app.example.com", CLIENT_ADDRESS],
    ["smarthost.example.com", SMARTHOST_ADDRESS],
  ]);
  const mailHosts = new Map([
    ["example.com", "mx.example.com"],
    ["example.org", MTA_HOST],
  ]);
  const broken = new Set<string>();
  for (const [domain, { kind }] of DESTINATIONS) {
    if (kind === "dns-failure") broken.add(domain);
    else if (kind === "null-mx") mailHosts.set(domain, "");
    else if (kind === "ourselves") mailHosts.set(domain, MTA_HOST);
    else if (kind !== "no-domain") {
      mailHosts.set(domain, `mx.${domain}`);
      hosts.set(`mx.${domain}`, addressOf(domain));
    }
  }
  return { hosts, mailHosts, broken };
}
