// SPDX-License-Identifier: MIT

// The messages of `fetch`: workloads/fetch/kernel.h says what each byte is.
package main

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
)

const (
	kindHello   = 0x21485246 // "FRH!"
	kindRequest = 0x3f515246 // "FRQ?"
	kindReply   = 0x21505246 // "FRP!"
	helloBytes  = 32
)

// hello opens a session: the token says whose run it belongs to.
func hello(run *Run) []byte {
	text := make([]byte, helloBytes)
	binary.LittleEndian.PutUint32(text, kindHello)
	binary.LittleEndian.PutUint32(text[4:], 1)
	token, _ := hex.DecodeString(run.text["token"])
	copy(text[8:24], token)
	return text
}

func message(run *Run, kind uint32, index, sequence int) []byte {
	size := int(run.number["payload"])
	text := make([]byte, size+8)
	for i, word := range []uint32{kind, uint32(index), uint32(sequence), uint32(size)} {
		binary.LittleEndian.PutUint32(text[4*i:], word)
	}
	key := mixInto(mixInto(run.seed, uint64(kind)<<32|uint64(index)), uint64(sequence))
	for place := 16; place < size; place += 8 {
		binary.LittleEndian.PutUint64(text[place:], mix(key+uint64(place)))
	}
	return text[:size]
}

// address is where this task connects to: one of several addresses, taken in turn.
func address(run *Run, index int) (network, where string) {
	addresses := strings.Split(run.text["connect"], ",")
	where = addresses[index%len(addresses)]
	if strings.HasPrefix(where, "unix:") {
		return "unix", strings.TrimPrefix(where, "unix:") // "@name" is an abstract one in Go, too
	}
	return "tcp", where
}
