"""Files in: any size, read as a stream, each bad row explained, the rest taken."""
