/**
 * The moment at which runs take place, seconds: 2026-01-01T00:00:00Z. A run has no clock, so this is virtual time 0 wherever a date is
 * wanted: what a token's `exp` and `nbf` are held against, and the times in what is exported.
 */
export const epochSeconds = 1_767_225_600;
