// SPDX-License-Identifier: MIT

// The arithmetic, the same for every model: each function has its counterpart in
// workloads/NAME/kernel.c, does the same operations in the same order, and so leaves the same
// digests. Read next: tasks.go, which calls it from goroutines.
package main

const (
	primesChunk     = 500 // numbers between two points at which other tasks may go on
	mandelbrotChunk = 40  // pixels
)

// mix is the finalizer of SplitMix64: see lib/mix.h.
func mix(value uint64) uint64 {
	value += 0x9E3779B97F4A7C15
	value = (value ^ value>>30) * 0xBF58476D1CE4E5B9
	value = (value ^ value>>27) * 0x94D049BB133111EB
	return value ^ value>>31
}

// mixInto folds a value into a running digest; the order of the values matters.
func mixInto(digest, value uint64) uint64 {
	return mix(digest ^ mix(value))
}

// isPrime divides by 2, 3, and 6k-1, 6k+1 up to the square root.
func isPrime(number uint64) bool {
	if number < 2 {
		return false
	}
	if number%2 == 0 || number%3 == 0 {
		return number <= 3
	}
	for divisor := uint64(5); divisor*divisor <= number; divisor += 6 {
		if number%divisor == 0 || number%(divisor+2) == 0 {
			return false
		}
	}
	return true
}

// escapeTime says how often z -> z*z + c can be done before |z| exceeds 2; at most `limit`.
// The conversions keep the compiler from fusing a product into a sum, which C does not do.
func escapeTime(real0, imaginary0 float64, limit uint64) uint64 {
	real, imaginary := 0.0, 0.0
	for n := uint64(0); n < limit; n++ {
		realSquared := float64(real * real)
		imaginarySquared := float64(imaginary * imaginary)
		if realSquared+imaginarySquared > 4 {
			return n
		}
		imaginary = float64(2*real*imaginary) + imaginary0
		real = realSquared - imaginarySquared + real0
	}
	return limit
}

// digestOf goes over the bytes of a reply, eight at a time.
func digestOf(text []byte) uint64 {
	digest := uint64(len(text))
	for place := 0; place < len(text); place += 8 {
		var word uint64
		for i := 0; i < 8 && place+i < len(text); i++ {
			word |= uint64(text[place+i]) << (8 * i)
		}
		digest = mix(digest ^ word)
	}
	return digest
}
