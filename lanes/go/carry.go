// SPDX-License-Identifier: MIT

// How this model carries tasks: C goroutines that take numbers from a channel, all waiting at a
// gate first. Read next: record.go.
package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// Run is one execution.
type Run struct {
	workload    *Workload
	tasks       int
	concurrency int
	seed        uint64
	number      map[string]uint64 // options that are quantities
	text        map[string]string // and the others

	turns []chan struct{} // of `switch`: whose it is
	token uint64          // guarded by the turns

	inFlight, peak int64
	started        time.Time
	setUp          time.Time
	spawned        time.Time
	finished       time.Time
	joined         time.Time
}

func (run *Run) enter() {
	now := atomic.AddInt64(&run.inFlight, 1)
	for {
		peak := atomic.LoadInt64(&run.peak)
		if now <= peak || atomic.CompareAndSwapInt64(&run.peak, peak, now) {
			return
		}
	}
}

func (run *Run) leave() {
	atomic.AddInt64(&run.inFlight, -1)
}

func (run *Run) prepare() {
	if run.workload.Name != "switch" {
		return
	}
	run.turns = make([]chan struct{}, run.tasks)
	for i := range run.turns {
		run.turns[i] = make(chan struct{}, 1)
	}
	run.turns[0] <- struct{}{}
}

// carry does all tasks, at most run.concurrency at the same time. The error is the first one.
func (run *Run) carry() ([]Outcome, error) {
	outcomes := make([]Outcome, run.tasks)
	errors := make([]error, run.tasks)
	numbers := make(chan int, run.tasks)
	for index := range outcomes {
		numbers <- index
	}
	close(numbers)
	run.prepare()
	run.setUp = time.Now()
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	ready.Add(run.concurrency)
	done.Add(run.concurrency)
	for i := 0; i < run.concurrency; i++ {
		go func() {
			defer done.Done()
			ready.Done()
			<-gate
			for index := range numbers {
				run.enter()
				outcomes[index], errors[index] = run.workload.task(run, index)
				run.leave()
			}
		}()
	}
	ready.Wait()
	run.spawned = time.Now()
	close(gate)
	done.Wait()
	run.finished = time.Now()
	run.joined = run.finished
	for _, err := range errors {
		if err != nil {
			return outcomes, err
		}
	}
	return outcomes, nil
}
