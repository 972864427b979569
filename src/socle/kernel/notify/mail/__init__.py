"""Mail out: a relay, a letter, and the handing over of one to the other."""
