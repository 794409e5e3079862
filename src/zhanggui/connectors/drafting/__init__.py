"""An endpoint that speaks the chat protocol of OpenAI (DeepSeek, Qwen, a server of one's own): asked once for one text."""
