/** What can be broken and how hard: each choice makes one action, as a timeline would write it. */
import type { ActionText } from "#scenario";
import type { FaultKind } from "./running-faults.ts";

export interface FaultChoice {
  kind: FaultKind;
  /** What has to be chosen. */
  needs: { workload: boolean; replica: boolean; to: boolean };
  /** Strength: what it means, and what is offered first. */
  strength: { unit: "factor" | "share" | "percent" | "time"; start: string } | null;
  action(chosen: ChosenPlace): ActionText;
}

export interface ChosenPlace {
  workload: string;
  to: string;
  replica: number | null;
  /** As typed, a number with a point or a duration. */
  strength: string;
}

const anyReplica = { workload: true, replica: true, to: false };
const nowhere = { workload: false, replica: false, to: false };
const place = ({ workload, replica }: ChosenPlace) => ({ workload, ...(replica === null ? {} : { replica }) });

export const faultChoices: readonly FaultChoice[] = [
  {
    kind: "crash",
    needs: anyReplica,
    strength: null,
    action: ({ workload, replica }) => ({ fault: { crash: workload, ...(replica === null ? {} : { replica }) } }),
  },
  {
    kind: "slow",
    needs: anyReplica,
    strength: { unit: "factor", start: "10" },
    action: (chosen) => ({ fault: { slow: { ...place(chosen), factor: Number(chosen.strength) } } }),
  },
  {
    kind: "errors",
    needs: anyReplica,
    strength: { unit: "percent", start: "100" },
    action: (chosen) => ({ fault: { errors: { ...place(chosen), rate: Number(chosen.strength) / 100, status: 503 } } }),
  },
  {
    kind: "cpu",
    needs: anyReplica,
    strength: { unit: "share", start: "0.2" },
    action: (chosen) => ({ fault: { cpu: { ...place(chosen), factor: Number(chosen.strength) } } }),
  },
  {
    kind: "partition",
    needs: { workload: true, replica: false, to: true },
    strength: null,
    action: ({ workload, to }) => ({ fault: { partition: { from: workload, to } } }),
  },
  {
    kind: "expireCertificates",
    needs: { workload: true, replica: false, to: false },
    strength: null,
    action: ({ workload }) => ({ fault: { expireCertificates: workload } }),
  },
  { kind: "caDown", needs: nowhere, strength: null, action: () => ({ fault: { caDown: true } }) },
  { kind: "controlPlaneDown", needs: nowhere, strength: null, action: () => ({ fault: { controlPlaneDown: true } }) },
  {
    kind: "pushDelay",
    needs: nowhere,
    strength: { unit: "time", start: "5s" },
    action: ({ strength }) => ({ fault: { pushDelay: strength } }),
  },
];
