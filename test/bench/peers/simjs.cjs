/** MESHBENCH on simjs: one chain, ten percent failures. Prints one line of JSON with events per CPU second. */
globalThis.window = globalThis;
require("simjs");
const { Sim, Entity, Facility, Random } = globalThis.Sim;

const options = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split("=")));
const requests = Number(options.n ?? 20_000);
const failureRate = Number(options.p ?? 0.1);
const hops = Number(options.hops ?? 3);
const random = new Random(1);
const facilities = Array.from({ length: hops }, (_, h) => [0, 1, 2].map((i) => new Facility(`f${h}${i}`, Facility.FCFS, 1)));
const histogram = new Uint32Array(4096);
let started = 1;
let events = 0;
let finished = 0;
let sum = 0;
const sim = new Sim();

class Mesh extends Entity {
  start() {
    this.next();
  }
  next() {
    this.setTimer(random.exponential(180)).done(() => {
      events++;
      const begin = this.time();
      this.call(0, () => {
        const seconds = this.time() - begin;
        const micros = (seconds * 1e6) | 0;
        const power = micros < 256 ? 7 : 31 - Math.clz32(micros);
        histogram[(power << 7) | ((micros >> (power - 7)) & 127)]++;
        sum += seconds;
        if (++finished === requests) sim.finished = true;
      });
      if (started++ < requests) this.next();
    });
  }
  call(hop, done) {
    let live = true;
    const timer = this.setTimer(1);
    timer.done(() => {
      if (!live) return;
      live = false;
      events++;
      done(false);
    });
    const end = (ok) => {
      if (!live) return;
      live = false;
      timer.cancel();
      done(ok);
    };
    const attempt = (tries) => {
      // biome-ignore lint/correctness/useHookAtTopLevel: the library's own name, not a React hook
      this.useFacility(facilities[hop][(random.random() * 3) | 0], random.exponential(100)).done(() => {
        events++;
        if (!live) return;
        const result = (ok) => {
          if (!live) return;
          if (ok) end(true);
          else if (tries < 2) {
            this.setTimer(0.025 * (1 << tries)).done(() => {
              events++;
              if (live) attempt(tries + 1);
            });
          } else end(false);
        };
        if (random.random() < failureRate) result(false);
        else if (hop < hops - 1) this.call(hop + 1, result);
        else result(true);
      });
    };
    attempt(0);
  }
}

sim.addEntity(Mesh);
const before = process.cpuUsage();
sim.simulate(1e12);
const used = process.cpuUsage(before);
const seconds = (used.user + used.system) / 1e6;
console.log(
  JSON.stringify({ engine: "simjs", requests: finished, ev_s: Math.round(events / seconds), mean_ms: (sum / finished) * 1e3 }),
);
