/** One connection from a proxy to a host: places in its row; `times` holds since when it is idle, ms. */
export const cluster = 1;
export const host = 2;
export const priority = 3;
/** 0 connecting, 1 open, 2 draining (no new streams). */
export const phase = 4;
export const streams = 5;
export const served = 6;
/** Next idle connection of the pool. */
export const next = 7;
/** Index into `peers`: who the server saw. */
export const peer = 8;
/** 1 mutual TLS, 0 plaintext or simple TLS. */
export const mutualTls = 9;
/** Why the handshake will fail; 0 = it will not. */
export const failure = 10;
export const target = 11;
