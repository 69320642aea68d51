# SPDX-License-Identifier: MIT
# yield, send, a chain, close.
def fibonacci():
    a, b = 0, 1
    try:
        while True:
            yield a
            a, b = b, a + b
    finally:
        print("fibonacci: cleaning up")


def mean():
    total = count = 0
    while True:
        total += yield total // count if count else 0
        count += 1


numbers, means = fibonacci(), mean()
next(means)  # a send() before the first yield is a TypeError
evens = (n for n in numbers if n % 2 == 0)
for _ in range(5):
    n = next(evens)
    print(n, means.send(n))
numbers.close()
