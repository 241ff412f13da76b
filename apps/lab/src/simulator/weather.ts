/** Faults of the network. Each number is the probability for one packet. */
export interface Weather {
  /** A fact, an answer or a request never arrives though the connection stays. */
  readonly loss: number;
  /** A fact arrives twice. */
  readonly double: number;
  /** A packet is overtaken by later ones. */
  readonly overtake: number;
  /** The connection ends with this packet. */
  readonly cut: number;
  /** A frame between two nodes is lost for ever. */
  readonly hintLoss: number;
  /** The database's answer is lost after the statement was done. */
  readonly unknownOutcome: number;
  /** The server says that it has too much to do. */
  readonly overload: number;
  /** The longest that a packet takes, in milliseconds. */
  readonly delayMs: number;
}

export const clear: Weather = {
  loss: 0,
  double: 0,
  overtake: 0,
  cut: 0,
  hintLoss: 0,
  unknownOutcome: 0,
  overload: 0,
  delayMs: 10,
};

/** From a good line to a tunnel: a program draws one. */
export const weathers: readonly Weather[] = [
  { ...clear, hintLoss: 0.2, delayMs: 40 },
  {
    ...clear,
    loss: 0.02,
    double: 0.05,
    overtake: 0.15,
    cut: 0.004,
    hintLoss: 0.3,
    unknownOutcome: 0.01,
    overload: 0.02,
    delayMs: 120,
  },
  {
    loss: 0.05,
    double: 0.1,
    overtake: 0.3,
    cut: 0.02,
    hintLoss: 0.6,
    unknownOutcome: 0.05,
    overload: 0.05,
    delayMs: 900,
  },
];
