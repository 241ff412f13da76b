/** Two notes, in hertz, a fifth apart … */
const notes = [659, 988];
/** … the second one so much later, and both gone after this, in seconds. */
const stepS = 0.11;
const lengthS = 0.6;
const loudness = 0.06;
/** How long the browser gets to let the page sound. */
const patienceMs = 300;

/** A short, soft sound. Silent where the browser wants the person to have touched the page before. */
export async function playNotificationSound(): Promise<void> {
  if (!('AudioContext' in globalThis)) return;
  const context = new AudioContext();
  try {
    if (context.state !== 'running')
      await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    // Else it would sound whenever the page is touched next.
    if (context.state !== 'running') return;
    for (const [index, frequency] of notes.entries()) play(context, frequency, context.currentTime + index * stepS);
    await new Promise((resolve) => setTimeout(resolve, (lengthS + notes.length * stepS) * 1_000));
  } catch {
    // No device to sound with: what is seen is enough.
  } finally {
    await context.close().catch(() => undefined);
  }
}

function play(context: AudioContext, frequency: number, at: number): void {
  const note = new OscillatorNode(context, { type: 'sine', frequency });
  const volume = new GainNode(context, { gain: 0 });
  // Exponential, as bells fade; it can't reach zero, so it ends where nobody hears it.
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(loudness, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + lengthS);
  note.connect(volume).connect(context.destination);
  note.start(at);
  note.stop(at + lengthS);
}
