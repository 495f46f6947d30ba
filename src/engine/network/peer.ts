/** Who a server sees at the other end of a connection, interned: plans for a peer are made once. */
import type { Peer, Sim } from "../sim.ts";

export function internPeer(sim: Sim, fields: Omit<Peer, "id">): Peer {
  const key = `${fields.tls}|${fields.identity}|${fields.sni}|${fields.alpn}|${fields.ip}`;
  const known = sim.peers.get(key);
  if (known !== undefined) return known;
  const peer: Peer = Object.freeze({ ...fields, id: sim.peers.size });
  sim.peers.set(key, peer);
  return peer;
}
