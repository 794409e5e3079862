"""The Goods page: products, stock by place, what is short, and what the platform offers."""
