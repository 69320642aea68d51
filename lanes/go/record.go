// SPDX-License-Identifier: MIT

// What this lane says of itself: --describe (quartet.describe/2) and the run record
// (quartet.run/1). The formats are in results/README.md and results/schemas/.
package main

import (
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"os"
	"runtime"
	"sort"
	"syscall"
	"time"
)

const subBits = 10 // a histogram cuts each power of two into 1,024 buckets: lib/histogram.h

//go:embed *.go
var sources embed.FS

type object map[string]any

func sourcesSHA256() string {
	whole := sha256.New()
	entries, _ := sources.ReadDir(".") // in the order of their names
	for _, entry := range entries {
		text, _ := sources.ReadFile(entry.Name())
		whole.Write(text)
	}
	return fmt.Sprintf("%x", whole.Sum(nil))
}

func build() object {
	return object{"version": runtime.Version(), "commit": "-", "compiler": runtime.Compiler + " " +
		runtime.Version(), "flags": "", "mode": "release", "optimised": true}
}

func describe() object {
	return object{"schema": "quartet.describe/2", "name": name, "model": "coroutine",
		"summary":  "goroutines, on as many threads as there are CPUs",
		"language": "Go", "runtime": runtime.Version(), "gil": nil,
		"sources_sha256": sourcesSHA256(), "options": []Option{},
		"common_options": commonOptions, "build": build(), "workloads": workloads}
}

func bucket(value int64) int64 {
	shift := bits.Len64(uint64(value)) - 1 - subBits
	if shift < 0 {
		shift = 0
	}
	return value >> shift << shift
}

func upperEdge(lower int64) int64 {
	shift := bits.Len64(uint64(lower)) - 1 - subBits
	if shift < 0 {
		shift = 0
	}
	return lower + 1<<shift - 1
}

// latency is the histogram of what single operations took, or nil.
func latency(kind string, values []int64) any {
	if kind == "" || len(values) == 0 {
		return nil
	}
	sort.Slice(values, func(i, j int) bool { return values[i] < values[j] })
	buckets := [][2]int64{}
	sum := 0.0
	for _, value := range values {
		sum += float64(value)
		edge := bucket(value)
		if last := len(buckets) - 1; last >= 0 && buckets[last][0] == edge {
			buckets[last][1]++
		} else {
			buckets = append(buckets, [2]int64{edge, 1})
		}
	}
	most := values[len(values)-1]
	percentile := func(p float64, least int) any {
		if len(values) < least {
			return nil
		}
		value := upperEdge(bucket(values[int(math.Ceil(p*float64(len(values))))-1]))
		if value > most {
			value = most
		}
		return value
	}
	return object{"kind": kind, "count": len(values), "min": values[0], "max": most,
		"p50": percentile(0.5, 1), "p90": percentile(0.9, 100), "p99": percentile(0.99, 1000),
		"p999": percentile(0.999, 10000), "mean": sum / float64(len(values)), "buckets": buckets}
}

func phase(begin, end time.Time) any {
	if begin.IsZero() || end.IsZero() {
		return nil
	}
	return end.Sub(begin).Nanoseconds()
}

func (run *Run) parameters() object {
	values := object{}
	suffix := map[string]string{"duration": "_ns", "size": "_bytes"}
	for _, one := range run.workload.Options {
		var value any
		if number, known := run.number[one.Name]; known {
			value = number
		} else if text, known := run.text[one.Name]; known {
			value = text
		}
		values[one.Name+suffix[one.Kind]] = value
	}
	return values
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// record is what the run has left; its ledger is nil where it was not good.
func (run *Run) record(result *Result) object {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	text := object{"schema": "quartet.run/1", "status": result.status,
		"reason": textOrNil(result.reason), "workload": run.workload.Name,
		"kind": run.workload.Kind, "operation": run.workload.Operation, "model": name,
		"variant": object{}, "parameters": run.parameters(), "seed": run.seed, "tasks": run.tasks,
		"concurrency": run.concurrency, "workers": run.concurrency, "pinned": false,
		"cpus": textOrNil(run.text["cpus"]), "peer_cpus": textOrNil(run.text["peer-cpus"]),
		"phases_ns": object{"setup": phase(run.started, run.setUp),
			"spawn": phase(run.setUp, run.spawned), "run": phase(run.spawned, run.finished),
			"join": phase(run.finished, run.joined), "teardown": phase(run.joined, run.joined)},
		"latency_ns": latency(run.workload.latency, result.latencies), "results": nil,
		"memory": nil, "network": nil, "notes": []string{}, "build": build(),
		"cpu_ns":           object{"user": usage.Utime.Nano(), "system": usage.Stime.Nano()},
		"context_switches": object{"voluntary": usage.Nvcsw, "involuntary": usage.Nivcsw},
		"page_faults":      object{"minor": usage.Minflt, "major": usage.Majflt},
		"ledger":           nil, "expected": nil}
	if result.ledger != nil {
		result.ledger["peak_in_flight"] = run.peak
		result.ledger["errors"] = 0
		result.ledger["checksum"] = fmt.Sprintf("%016x", result.checksum)
		text["ledger"], text["expected"] = result.ledger, run.expected()
	}
	return text
}

// write puts it under a temporary name first: nobody finds half a record.
func (run *Run) write(result *Result) {
	path := run.text["record"]
	text, err := json.MarshalIndent(run.record(result), "", " ")
	if err == nil {
		err = os.WriteFile(path+".new", append(text, '\n'), 0o644)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
