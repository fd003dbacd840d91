// A camera that sees a face in the light of the page: the fake camera's picture, its middle lit by the challenge's colour.
(() => {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  const field = () => document.querySelector('[role="dialog"] > [aria-hidden="true"]');

  devices.getUserMedia = async (constraints) => {
    const real = await open(constraints);
    if (!constraints?.video) return real;
    const seen = document.createElement("video");
    seen.muted = true;
    seen.srcObject = new MediaStream(real.getVideoTracks());
    await seen.play();
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const paint = canvas.getContext("2d");
    const draw = () => {
      paint.globalCompositeOperation = "source-over";
      paint.globalAlpha = 1;
      paint.drawImage(seen, 0, 0, 640, 480);
      const colour = field()?.style.backgroundColor;
      if (colour) {
        paint.globalCompositeOperation = "multiply";
        paint.globalAlpha = 0.3;
        paint.fillStyle = colour;
        paint.beginPath();
        paint.ellipse(320, 240, 170, 230, 0, 0, 2 * Math.PI);
        paint.fill();
      }
      requestAnimationFrame(draw);
    };
    draw();
    return new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...real.getAudioTracks()]);
  };
})();
