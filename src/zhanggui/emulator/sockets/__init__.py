"""What speaks over WebSocket: the message stream and the print component."""
