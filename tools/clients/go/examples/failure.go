package main

import (
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// tell is what an error says: its code, why, which field is wrong, and how long to wait.
func tell(err error) []string {
	failed := status.Convert(err)
	lines := []string{fmt.Sprintf("%s: %s", failed.Code(), failed.Message())}
	for _, detail := range failed.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			lines = append(lines, fmt.Sprintf("reason %s, again: %s", detail.GetReason(), detail.GetMetadata()["retryable"]))
		case *errdetails.RetryInfo:
			lines = append(lines, fmt.Sprintf("wait %d ms", detail.GetRetryDelay().AsDuration().Milliseconds()))
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				lines = append(lines, fmt.Sprintf("field %s: %s", violation.GetField(), violation.GetDescription()))
			}
		}
	}
	return lines
}
