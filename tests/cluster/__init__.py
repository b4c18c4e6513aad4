"""Many writers, and past one machine: real processes, killed, cut off and promoted."""
