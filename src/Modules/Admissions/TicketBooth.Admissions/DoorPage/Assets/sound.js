// A high tone for who may pass, two low ones for who may not; and the phone shakes.
let audio = null;

function tone(frequency, from, seconds) {
    const [oscillator, volume] = [audio.createOscillator(), audio.createGain()];
    oscillator.frequency.value = frequency;
    oscillator.type = 'square';
    volume.gain.value = 0.15;
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(audio.currentTime + from);
    oscillator.stop(audio.currentTime + from + seconds);
}

export function play(isGood) {
    audio ??= new AudioContext();
    if (isGood) {
        tone(1046, 0, 0.18);
    } else {
        tone(220, 0, 0.18);
        tone(180, 0.25, 0.3);
    }
    navigator.vibrate?.(isGood ? 80 : [150, 80, 150]);
}
