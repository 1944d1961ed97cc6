// Worked examples of Synod's ChatService in Go. One file for each.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
)

type options struct {
	target, key, idempotencyKey string
	deadline                    time.Duration
	// For commands that ask.
	model, text string
}

type example func(ctx context.Context, conn *grpc.ClientConn, options options) error

// examples are the commands; those of `asking` take a model and a question.
var (
	asking  = map[string]example{"chat": askOnce, "stream": follow, "cancel": leave}
	looking = map[string]example{"models": listModels, "health": checkHealth, "reflect": reflect}
)

func main() {
	var options options
	flag.StringVar(&options.target, "target", "127.0.0.1:8081", "where Synod's gRPC listens")
	flag.StringVar(&options.key, "key", "", "a key of Synod")
	flag.StringVar(&options.idempotencyKey, "idempotency-key", "", "the same for every repeat of this question")
	flag.DurationVar(&options.deadline, "deadline", 0, "how long to wait at most, such as 20s")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: examples [options] chat|stream|cancel MODEL QUESTION\n       examples [options] models|health|reflect")
		flag.PrintDefaults()
	}
	flag.Parse()

	run, known := looking[flag.Arg(0)]
	arguments := 1
	if !known {
		run, known = asking[flag.Arg(0)]
		arguments = 3
	}
	if !known || flag.NArg() != arguments {
		flag.Usage()
		os.Exit(2)
	}
	options.model, options.text = flag.Arg(1), flag.Arg(2)
	if err := withConnection(run, options); err != nil {
		fmt.Fprintln(os.Stderr, strings.Join(tell(err), "\n"))
		os.Exit(1)
	}
}

func withConnection(run example, options options) error {
	conn, err := connect(options.target, options.key)
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx := context.Background()
	if options.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, options.deadline)
		defer cancel()
	}
	return run(ctx, conn, options)
}
