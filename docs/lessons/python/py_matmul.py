# SPDX-License-Identifier: MIT
# A matrix that all processes read: passed with each task, or shared.
import array
import concurrent.futures as cf
import multiprocessing as mp
import pickle
from multiprocessing import shared_memory

N = 40


def rows(first, last, matrix):
    """These rows of the matrix times itself."""
    return [sum(matrix[i * N + k] * matrix[k * N + j] for k in range(N))
            for i in range(first, last) for j in range(N)]


def rows_of_shared(first, last, name):
    memory = shared_memory.SharedMemory(name)
    with memory.buf.cast("d") as matrix:
        result = rows(first, last, matrix)
    memory.close()
    return result


if __name__ == "__main__":
    values = [float(i % 7) for i in range(N * N)]
    memory = shared_memory.SharedMemory(create=True, size=8 * N * N)
    with memory.buf.cast("d") as matrix:
        matrix[: N * N] = array.array("d", values)
    with cf.ProcessPoolExecutor(2, mp.get_context("fork")) as pool:
        for work, argument in (rows, values), (rows_of_shared, memory.name):
            halves = pool.map(work, (0, N // 2), (N // 2, N), (argument, argument))
            same = sum(halves, []) == rows(0, N, values)
            print(f"{work.__name__}: {len(pickle.dumps(argument))} bytes per task, right: {same}")
    memory.close()
    memory.unlink()
