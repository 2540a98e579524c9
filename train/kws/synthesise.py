"""Speaks keywords and near misses with espeak-ng into CACHE/synthetic.i16 and CACHE/synthetic.json.

Command: /usr/bin/python3 -m train.kws.synthesise      (about 3 minutes; needs espeak-ng and ffmpeg)
Five keywords have 120 real recordings each; every keyword and as many other words get the same synthetic
voices, so that the sound of the synthesiser says nothing about the class. Seed 20.
"""
import json
import random
import subprocess
import tempfile
from pathlib import Path


from .prepare_audio import FILES_PER_PROCESS, decode_batch
from .settings import CACHE, KEYWORDS, UNKNOWN, is_held_out

ACCENTS = ['en', 'en-us', 'en-gb-scotland', 'en-gb-x-gbclan', 'en-gb-x-rp', 'en-gb-x-gbcwmd', 'en-029', 'en-us-nyc']
VARIANTS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'f1', 'f2', 'f3', 'f4', 'f5', 'klatt', 'klatt2', 'klatt4',
            'Alex', 'Andrea', 'Annie', 'Gene', 'Lee', 'Mario', 'Michael', 'Nguyen', 'adam', 'anika', 'aunty',
            'belinda', 'benjamin', 'boris', 'caleb', 'david', 'ed', 'edward', 'grandma', 'grandpa', 'iven', 'john',
            'linda', 'max', 'mike', 'norbert', 'paul', 'quincy', 'rob', 'robert', 'steph', 'travis', 'victor', 'zac',
            'whisper', 'whisperf', 'croak']
CLIPS_PER_KEYWORD = 400
NEAR_MISSES = """\
yeah yet year guess chess yesterday yep nope snow nose note nor new knee now not nothing office of often soft cough
awful enough own aunt honest arm one wand step stoop stock stuff top shop star stone store goat gold got girl ghost
boat cup pup us but app open apple town dawn gown brown dot dance done lift laughed loft life less let lend light ride
rate rise wrist fright bright rock red house three eight seven zero happy bird marvin sheila hello computer play music
weather thanks please okay lamp door window morning after under over because coffee water people about again always
another before between could every first found great hand knowledge large little might never night only other place
righteous same should small sound still such their there these thing think those through time two very want well went
were what when where which while who will with work world would writer your lie line lying lied rising writing rye
fried laughing laughs half asks this his its just jess used of knot nod honor doubt loud ground found around power how
cow vow tower ago cargo coat goal gonna gone step spot steep stab uh cut upper oven happen an in born john long strong
young awkward law knees near nor norse naught noble dime gout gosh court cold call core offer coughing""".split()


def speak(word: str, voice: str, generator: random.Random, file: Path) -> None:
    """Writes one spoken word as WAV at the synthesiser's own rate."""
    subprocess.run(['espeak-ng', '-v', voice, '-s', str(generator.randint(105, 215)),
                    '-p', str(generator.randint(15, 85)), '-a', '90', '-w', str(file),
                    word + generator.choice(['', '', '.', '!', '?'])], check=True)


def plan(generator: random.Random) -> list[tuple[str, str, str]]:
    """Rows of (label, word, voice)."""
    voices = [f'{accent}+{variant}' for accent in ACCENTS for variant in VARIANTS]
    rows = [(word, word, generator.choice(voices)) for word in KEYWORDS for _ in range(CLIPS_PER_KEYWORD)]
    count = CLIPS_PER_KEYWORD * len(KEYWORDS)
    return rows + [(UNKNOWN, NEAR_MISSES[i % len(NEAR_MISSES)], generator.choice(voices)) for i in range(count)]


def main() -> None:
    generator = random.Random(20)
    rows, position = [], 0
    todo = plan(generator)
    with open(CACHE / 'synthetic.i16', 'wb') as sink, tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        for first in range(0, len(todo), FILES_PER_PROCESS):
            batch = todo[first:first + FILES_PER_PROCESS]
            files = [scratch / f'{index}.wav' for index in range(len(batch))]
            for (_, word, voice), file in zip(batch, files):
                speak(word, voice, generator, file)
            for (label, word, voice), samples in zip(batch, decode_batch(files, scratch)):
                samples.tofile(sink)
                rows.append({'set': 'synthetic', 'label': label, 'speaker': voice.split('+')[1], 'text': word,
                             'start': position, 'length': len(samples)})
                position += len(samples)
    (CACHE / 'synthetic.json').write_text(json.dumps(rows))
    held_out = sum(is_held_out(row['speaker']) for row in rows)
    print(f'{len(rows)} clips, {position / 16000 / 60:.1f} min, {held_out} of held-out voices')


if __name__ == '__main__':
    main()
