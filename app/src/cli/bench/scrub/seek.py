# Gives the frame shown at each time that is read, in seconds after the first, and tells what it took: milliseconds of
# wall, and of processor since the last answer. A frame within a second after the last one is decoded on to; all else is
# sought.
import sys
import time

import av

clip = av.open(sys.argv[1])
stream = clip.streams.video[0]
stream.thread_type = "AUTO"
print("%s, FFmpeg's libavcodec %s" % (av.__version__, ".".join(map(str, av.library_versions["libavcodec"]))), flush=True)
start = stream.start_time or 0
second = 1 / stream.time_base
frames, at = None, None
processor = time.process_time()
for line in sys.stdin:
    target = start + round(float(line) * second)
    wall = time.perf_counter()
    if at is None or not at < target <= at + second:
        clip.seek(target, stream=stream)
        frames = clip.decode(stream)
    for frame in frames:
        if frame.pts is not None and frame.pts >= target:
            break
    else:
        break
    at = frame.pts
    now = time.process_time()
    print((time.perf_counter() - wall) * 1e3, (now - processor) * 1e3, flush=True)
    processor = now
