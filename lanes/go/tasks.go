// SPDX-License-Identifier: MIT

// The tasks, one function for each workload, as a user of goroutines and channels writes them.
// Read next: carry.go, which starts them.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"time"
)

// Outcome is what one task leaves; its fields are those of `struct outcome` in C.
type Outcome struct {
	digest, operations, bytesIn, bytesOut uint64
	latencyNS                             []int64
}

type task func(run *Run, index int) (Outcome, error)

func sleep(run *Run, index int) (Outcome, error) {
	began := time.Now()
	time.Sleep(time.Duration(run.number["delay"]))
	return Outcome{digest: mixInto(run.seed, uint64(index)), operations: 1,
		latencyNS: []int64{int64(time.Since(began))}}, nil
}

// fetch is one client session: connect, ask and wait, close.
func fetch(run *Run, index int) (outcome Outcome, err error) {
	peer, err := net.Dial(address(run, index))
	if err != nil {
		return outcome, err
	}
	defer peer.Close()
	if tcp, ok := peer.(*net.TCPConn); ok {
		tcp.SetLinger(0) // close without TIME_WAIT: all replies are in by then
	}
	reply := make([]byte, run.number["payload"])
	for sequence := 0; sequence < int(run.number["exchanges"]); sequence++ {
		text := message(run, kindRequest, index, sequence)
		if sequence == 0 {
			text = append(hello(run), text...)
		}
		began := time.Now()
		if _, err = peer.Write(text); err != nil {
			return outcome, err
		}
		if _, err = io.ReadFull(peer, reply); err != nil {
			return outcome, err
		}
		if err = outcome.book(run, index, sequence, reply, time.Since(began)); err != nil {
			return outcome, err
		}
		outcome.bytesOut += uint64(len(text))
	}
	return outcome, nil
}

// book checks every byte of a reply and folds them into the digest.
func (outcome *Outcome) book(run *Run, index, sequence int, reply []byte, service time.Duration) error {
	if int64(service) < int64(run.number["delay"]) {
		return fmt.Errorf("task %d: reply %d came before its time", index, sequence)
	}
	if !bytes.Equal(reply, message(run, kindReply, index, sequence)) {
		return fmt.Errorf("task %d: reply %d is not the one to its request", index, sequence)
	}
	outcome.digest = mixInto(outcome.digest, digestOf(reply))
	outcome.operations++
	outcome.bytesIn += uint64(len(reply))
	outcome.latencyNS = append(outcome.latencyNS, int64(service))
	return nil
}

// primes tests chunks of numbers, which are dealt out to the tasks like cards.
func primes(run *Run, index int) (outcome Outcome, err error) {
	limit, step := run.number["limit"], uint64(run.tasks)*primesChunk
	for start := uint64(index) * primesChunk; start < limit; start += step {
		for number := start; number < start+primesChunk && number < limit; number++ {
			if isPrime(number) {
				outcome.digest++
			}
			outcome.operations++
		}
	}
	return outcome, nil
}

// mandelbrot computes a row.
func mandelbrot(run *Run, index int) (outcome Outcome, err error) {
	width, height := float64(run.number["width"]), float64(run.tasks)
	imaginary := (2*float64(index) + 1 - height) / (2 * height) * 2.4
	for x := uint64(0); x < run.number["width"]; x++ {
		real := float64((float64(x)+0.5)/width*3) - 2
		outcome.digest = mixInto(outcome.digest, escapeTime(real, imaginary, run.number["iterations"]))
		outcome.operations++
	}
	return outcome, nil
}

// spawn starts a goroutine and waits for what it sends, again and again.
func spawn(run *Run, index int) (outcome Outcome, err error) {
	for number := uint64(0); number < run.number["children"]; number++ {
		child := make(chan uint64)
		go func(number uint64) {
			child <- mixInto(mixInto(run.seed, uint64(index)), number)
		}(number)
		outcome.digest = mixInto(outcome.digest, <-child)
		outcome.operations++
	}
	return outcome, nil
}

// hand is a token that goes round a ring of tasks. Each one knows when it must be its turn.
func hand(run *Run, index int) (outcome Outcome, err error) {
	mine, following := run.turns[index], run.turns[(index+1)%run.tasks]
	share := run.number["switches"] / uint64(run.tasks)
	if uint64(index) < run.number["switches"]%uint64(run.tasks) {
		share++
	}
	for ; share > 0; share-- {
		<-mine
		if run.token != outcome.operations*uint64(run.tasks)+uint64(index) {
			return outcome, fmt.Errorf("task %d runs out of its turn", index)
		}
		outcome.digest += run.token
		outcome.operations++
		run.token++
		following <- struct{}{}
	}
	return outcome, nil
}
