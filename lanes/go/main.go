// SPDX-License-Identifier: MIT

// goroutine is the runner of the Go lane: answers --describe, takes the options of a workload,
// lets goroutines do the work, writes the run record. docs/own-runner.md says what the contract
// is. Read next: tasks.go, then carry.go.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const name = "goroutine"

// Result is what comes out of a run.
type Result struct {
	status    string // "ok", "wrong", "dnf"
	reason    string
	ledger    object
	checksum  uint64
	latencies []int64
}

func (run *Run) expected() object {
	operations, size := run.workload.operations(run), run.number["payload"]
	hellos := uint64(0)
	if run.workload.Peer {
		hellos = helloBytes * uint64(run.tasks)
	}
	return object{"tasks": run.tasks, "operations": operations, "bytes_in": operations * size,
		"bytes_out": operations*size + hellos}
}

// add makes ledger and checksum of the outcomes: over number, digest and error (none) of every
// task, in order, as runners/common/verify.c does.
func (result *Result) add(outcomes []Outcome) {
	var operations, in, out uint64
	for index, outcome := range outcomes {
		operations, in, out = operations+outcome.operations, in+outcome.bytesIn, out+outcome.bytesOut
		result.checksum = mixInto(result.checksum, uint64(index))
		result.checksum = mixInto(mixInto(result.checksum, outcome.digest), 0)
		result.latencies = append(result.latencies, outcome.latencyNS...)
	}
	result.ledger = object{"tasks": len(outcomes), "operations": operations, "bytes_in": in,
		"bytes_out": out}
}

func (run *Run) execute() *Result {
	if run.workload.Name == "switch" && run.text["by"] == "yield" {
		return &Result{status: "dnf", reason: "Gosched() lets others run, but not the next one"}
	}
	outcomes, err := run.carry()
	if err != nil {
		return &Result{status: "wrong", reason: err.Error()}
	}
	result := &Result{status: "ok"}
	result.add(outcomes)
	return result
}

var ending sync.Mutex // of the run's end and the time limit, the first one ends the program

func (run *Run) end(result *Result) {
	ending.Lock()
	code := map[string]int{"ok": 0, "wrong": 1, "dnf": 77}[result.status]
	if code != 0 {
		fmt.Fprintf(os.Stderr, "%s: %s: %s\n", name, run.workload.Name, result.reason)
	}
	if run.text["record"] != "" {
		run.write(result)
	} else if code == 0 {
		fmt.Printf("%s %s: %d %s in %v, checksum %016x\n", name, run.workload.Name,
			result.ledger["operations"], run.workload.Operation, run.finished.Sub(run.spawned),
			result.checksum)
	}
	os.Exit(code)
}

// keepTo makes this program run on these CPUs alone. Threads that the runtime has started already
// would not know of it, nor would their number fit: so it starts anew.
func keepTo(list string) {
	var wanted, allowed [16]uint64
	for _, part := range strings.Split(list, ",") {
		low, high, isRange := strings.Cut(part, "-")
		if !isRange {
			high = low
		}
		first, err1 := strconv.ParseUint(low, 10, 10)
		last, err2 := strconv.ParseUint(high, 10, 10)
		if err1 != nil || err2 != nil {
			refuse("--cpus '%s': give a list such as 0 or 0,2-3", list)
		}
		for cpu := first; cpu <= last; cpu++ {
			wanted[cpu/64] |= 1 << (cpu % 64)
		}
	}
	runtime.LockOSThread()
	affinity(syscall.SYS_SCHED_GETAFFINITY, &allowed)
	for i := range wanted {
		if wanted[i]&^allowed[i] != 0 {
			refuse("--cpus '%s': this process may not run on all of them", list)
		}
	}
	if wanted != allowed {
		affinity(syscall.SYS_SCHED_SETAFFINITY, &wanted)
		program, _ := os.Executable()
		err := syscall.Exec(program, os.Args, os.Environ())
		refuse("--cpus '%s': %v", list, err)
	}
	runtime.UnlockOSThread()
}

func affinity(call uintptr, mask *[16]uint64) {
	_, _, err := syscall.RawSyscall(call, 0, unsafe.Sizeof(*mask), uintptr(unsafe.Pointer(mask)))
	if err != 0 {
		refuse("--cpus: %v", err)
	}
}

func main() {
	started := time.Now()
	if len(os.Args) == 2 && os.Args[1] == "--describe" {
		text, _ := json.MarshalIndent(describe(), "", " ")
		fmt.Println(string(text))
		return
	}
	if len(os.Args) < 2 || findWorkload(os.Args[1]) == nil {
		refuse("name a workload: sleep, fetch, primes, mandelbrot, spawn or switch")
	}
	run := &Run{workload: findWorkload(os.Args[1]), started: started,
		number: map[string]uint64{}, text: map[string]string{}}
	run.parse(os.Args[2:])
	if run.text["cpus"] != "" {
		keepTo(run.text["cpus"])
	}
	limit := time.Duration(run.number["timeout"])
	time.AfterFunc(limit, func() {
		run.end(&Result{status: "wrong", reason: fmt.Sprintf("the run took longer than %v", limit)})
	})
	run.end(run.execute())
}
