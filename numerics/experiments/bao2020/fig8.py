"""Bao et al. 2020, Figure 8: mini-batches of 100 on MNIST; of 30 digits in the small setting, 59 steps an epoch."""

from __future__ import annotations

from numerics.experiments.bao2020.batches import SHOWN, mini_batches
from numerics.experiments.figure import setting

FIGURE = mini_batches(
    "bao2020/fig8",
    100,
    {
        "smoke": setting(4, k=3, scaled=True, models=("l2", "rag", "vae"), seeds=3, batch=120, epochs=15),
        "small": setting(35, k=10, scaled=True, models=SHOWN, seeds=3, batch=30, epochs=100),
        "paper": setting(150_000, k=20, scaled=False, models=SHOWN, seeds=3, batch=100, epochs=200),
    },
)
