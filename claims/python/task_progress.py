# SPDX-License-Identifier: MIT
"""What a task tells of itself."""
import asyncio
import json

names = [name for name in dir(asyncio.Task) if not name.startswith("_")]
progress = [name for name in names if "progress" in name or "percent" in name]
states = [name for name in names if name in ("done", "cancelled")]
print(json.dumps({"progress": len(progress), "states": len(states)}))
