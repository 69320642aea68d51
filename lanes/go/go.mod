module quartet/goroutine

go 1.19
