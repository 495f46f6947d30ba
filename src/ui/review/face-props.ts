/** What the face of a card type is given, and how it says what the learner did. */
import type { CardContent, Grader, QueuedCard, Rating } from "#cards";
import type { Translator } from "#i18n";

export interface FaceProps<Content extends CardContent = CardContent> {
  t: Translator;
  card: QueuedCard;
  content: Content;
  answerShown: boolean;
  /** Ends the question: the card has judged what the learner did. */
  onJudged(rating: Rating): void;
  grader: Grader;
}
