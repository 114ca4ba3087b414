"""Bao et al. 2020, Figure 7: mini-batches of 1000 on MNIST; of 180 digits in the small setting, ten steps an epoch."""

from __future__ import annotations

from numerics.experiments.bao2020.batches import SHOWN, mini_batches
from numerics.experiments.figure import setting

FIGURE = mini_batches(
    "bao2020/fig7",
    1000,
    {
        "smoke": setting(4, k=3, scaled=True, models=("l2", "rag", "vae"), seeds=3, batch=360, epochs=30),
        "small": setting(35, k=10, scaled=True, models=SHOWN, seeds=3, batch=180, epochs=400),
        "paper": setting(150_000, k=20, scaled=False, models=SHOWN, seeds=3, batch=1000, epochs=500),
    },
)
