from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deviations", "0002_initial"),
        ("documents", "0004_review_rules"),
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="deviation",
            name="reporter_waits_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="deviation",
            index=models.Index(
                condition=models.Q(("reporter_waits_since__isnull", False)),
                fields=["handler"],
                name="deviation_reporter_waits",
            ),
        ),
    ]
