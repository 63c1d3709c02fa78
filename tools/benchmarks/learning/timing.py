"""Wall and processor time of a call, in seconds."""
import time


def timed(call):
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}, result
