/** Loudness of 8-bit time-domain samples as 0..1, where 1 is -10 dB full scale and 0 is -60 or less. */
export function loudness(samples: Uint8Array): number {
  let energy = 0;
  for (const sample of samples) energy += ((sample - 128) / 128) ** 2;
  const decibels = 10 * Math.log10(energy / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}

/** Follow the microphone's loudness; returns the function that stops following. */
export function followLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    onLevel(loudness(samples));
  }, 80);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
