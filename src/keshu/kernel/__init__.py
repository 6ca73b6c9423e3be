"""What is true anywhere: plain values in, plain values out. No clock, files, network or Django."""
