// SPDX-License-Identifier: MIT

// The workloads of this lane: options with defaults and ranges, and what a run must add up
// to. Names, defaults and ranges are those of the C workloads; tests/lanes compares them.
package main

const (
	thousand = uint64(1000)
	million  = thousand * thousand
	second   = thousand * million
)

// Option is one option of the command line, in the form of --describe.
type Option struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Default *string  `json:"default"`
	Minimum uint64   `json:"minimum"`
	Maximum uint64   `json:"maximum"`
	Choices []string `json:"choices"`
	Help    string   `json:"help"`
}

// Workload is one workload, in the form of --describe.
type Workload struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"`
	Summary     string   `json:"summary"`
	Operation   string   `json:"operation"`
	Tasks       uint64   `json:"default_tasks"`
	Concurrency uint64   `json:"default_concurrency"`
	Peer        bool     `json:"peer"`
	Together    bool     `json:"together"` // the tasks wait for one another
	Options     []Option `json:"options"`

	task       task
	operations func(run *Run) uint64
	latency    string // what the latencies of its record are; "": there are none
}

func option(name, kind, fallback string, minimum, maximum uint64, help string) Option {
	one := Option{Name: name, Kind: kind, Minimum: minimum, Maximum: maximum, Help: help}
	if fallback != "" {
		one.Default = &fallback
	}
	return one
}

func choice(name string, choices []string, help string) Option {
	one := option(name, "choice", choices[0], 0, 0, help)
	one.Choices = choices
	return one
}

func each(name string) func(run *Run) uint64 {
	return func(run *Run) uint64 { return uint64(run.tasks) * run.number[name] }
}

func whole(name string) func(run *Run) uint64 {
	return func(run *Run) uint64 { return run.number[name] }
}

var workloads = []Workload{
	{Name: "sleep", Kind: "io", Operation: "sleeps", Tasks: 10000, Concurrency: 10000,
		Summary: "tasks that only wait: the textbooks' stand-in for I/O",
		Options: []Option{
			option("delay", "duration", "500ms", 0, 3600*second, "how long each task waits")},
		task: sleep, latency: "service",
		operations: func(run *Run) uint64 { return uint64(run.tasks) }},
	{Name: "fetch", Kind: "io", Operation: "exchanges", Tasks: 10000, Concurrency: 10000, Peer: true,
		Summary: "client sessions with a back end that takes its time",
		Options: []Option{
			option("exchanges", "count", "2", 1, 10*thousand, "requests and replies of each session"),
			option("delay", "duration", "1s", 0, 60*second,
				"the back end answers this long after a request"),
			option("payload", "size", "64", 32, 1024,
				"bytes of a request, and of a reply, header included"),
			choice("transport", []string{"tcp", "unix"}, "loopback TCP, or AF_UNIX stream sockets"),
			option("connect", "text", "", 0, 0,
				"addresses of a quartet-backend, such as 10.0.0.2:4000"),
			option("token", "text", "", 0, 0, "the token that it has given out for this run")},
		task: fetch, latency: "service", operations: each("exchanges")},
	{Name: "primes", Kind: "cpu", Operation: "numbers tested", Tasks: 1000, Concurrency: 8,
		Summary: "count primes by trial division: regular work, all tasks alike",
		Options: []Option{
			option("limit", "count", "5M", 1, 1<<32-1, "count the primes below this number")},
		task: primes, operations: whole("limit")},
	{Name: "mandelbrot", Kind: "cpu", Operation: "pixels", Tasks: 800, Concurrency: 8,
		Summary: "rows of the Mandelbrot set: irregular work, some tasks far dearer",
		Options: []Option{
			option("width", "count", "1000", 1, million, "pixels in a row (rows: --tasks)"),
			option("iterations", "count", "1000", 100, second,
				"after so many a point is taken to be in the set")},
		task: mandelbrot, operations: each("width")},
	{Name: "spawn", Kind: "cost", Operation: "children", Tasks: 100, Concurrency: 1,
		Summary: "create a child, join it, again: what a new worker costs",
		Options: []Option{
			option("children", "count", "100", 1, second,
				"how many children each task creates and joins")},
		task: spawn, operations: each("children")},
	{Name: "switch", Kind: "cost", Operation: "hand-overs", Tasks: 2, Concurrency: 2, Together: true,
		Summary: "hand a token round a ring of tasks: what passing control costs",
		Options: []Option{
			option("switches", "count", "100k", 1, thousand*second,
				"how often the token is handed on, in all"),
			choice("by", []string{"semaphore", "yield"}, "wake the next one, or let the others run")},
		task: hand, operations: whole("switches")},
}

// Options of every run, whatever the workload.
var commonOptions = []Option{
	option("tasks", "count", "", 1, 100*million, "tasks in all"),
	option("concurrency", "count", "", 1, 100*million, "tasks in flight at the same time"),
	option("cpus", "text", "", 0, 0, "CPUs of the workers, such as 0 or 0,2-3"),
	option("peer-cpus", "text", "", 0, 0, "CPUs of a back end: kept for the record"),
	option("seed", "count", "1", 0, 1<<53-1, "for everything that is random"),
	option("timeout", "duration", "60s", million, 86400*second, "the run fails when it takes longer"),
	option("record", "text", "", 0, 0, "write the run record to this file, as JSON"),
	option("memory", "flag", "", 0, 0, "accepted: an observer outside measures memory"),
}

func findWorkload(name string) *Workload {
	for i := range workloads {
		if workloads[i].Name == name {
			return &workloads[i]
		}
	}
	return nil
}
