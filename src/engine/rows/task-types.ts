/** What an event of kind `task` is about: subject = number · count + type. */
export const cpu = 0;
export const push = 1;
export const deliver = 2;
export const rollout = 3;
export const count = 8;
