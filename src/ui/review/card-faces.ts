/** The face of each type of card that the learner does something with; the others are question and answer alone. */
import type { ComponentType } from "react";
import type { CardContent } from "#cards";
import { DiagramPart } from "./DiagramPart.tsx";
import { Executable } from "./Executable.tsx";
import type { FaceProps } from "./face-props.ts";
import { Ordering } from "./Ordering.tsx";
import { SpotTheBug } from "./SpotTheBug.tsx";
import { Typed } from "./Typed.tsx";

type Faces = { [Type in CardContent["type"]]: ComponentType<FaceProps<Extract<CardContent, { type: Type }>>> };

const faces: Faces = {
  typed: Typed,
  ordering: Ordering,
  "spot-the-bug": SpotTheBug,
  "diagram-part": DiagramPart,
  executable: Executable,
};

export function faceOf(content: CardContent): ComponentType<FaceProps> {
  return faces[content.type] as ComponentType<FaceProps>;
}
