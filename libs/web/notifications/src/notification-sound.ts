/** Frequencies of the two notes in hertz, a fifth apart. */
const notes = [659, 988];
/** Delay of the second note, in seconds. */
const stepS = 0.11;
const lengthS = 0.6;
const loudness = 0.06;
/** Maximum time to wait for the browser to allow audio. */
const patienceMs = 300;

/** Plays a short, soft sound. Silent until the browser has seen a user gesture. */
export async function playNotificationSound(): Promise<void> {
  if (!('AudioContext' in globalThis)) return;
  const context = new AudioContext();
  try {
    if (context.state !== 'running')
      await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    // Otherwise the sound would play at the next gesture.
    if (context.state !== 'running') return;
    for (const [index, frequency] of notes.entries()) play(context, frequency, context.currentTime + index * stepS);
    await new Promise((resolve) => setTimeout(resolve, (lengthS + notes.length * stepS) * 1_000));
  } catch {
    // No audio device: the visible notification is enough.
  } finally {
    await context.close().catch(() => undefined);
  }
}

function play(context: AudioContext, frequency: number, at: number): void {
  const note = new OscillatorNode(context, { type: 'sine', frequency });
  const volume = new GainNode(context, { gain: 0 });
  // Exponential decay like a bell; the ramp can't reach zero, so it ends at an inaudible level.
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(loudness, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + lengthS);
  note.connect(volume).connect(context.destination);
  note.start(at);
  note.stop(at + lengthS);
}
